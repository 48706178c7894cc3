"""Room on the roads and waiting of one person (semantics.md, Room, Overflow, Figures of the replay). Part of check.py."""
import math
from itertools import accumulate

SPACING_M, WAVE_KM_H = 7.5, 15.0
# on foot: people that pass a metre of width in a second, people on a square metre at standstill, free speed in m/s
WALK_FLOW, WALK_DENSITY, WALK_SPEED = 1.225, 5.4, 1.34
NONE_OVER = 1e-6  # more people than fit by no more than this are none
MOST_VEHICLES = 2.0**32 - 1


def length_m(row):
    """The length of a link; None where nothing says how long it is."""
    length = row.number("length_m")
    if length is None:
        length = row.number("length")
        length = None if length is None else length * 1000
    if length is None:
        speed = row.number("free_speed")
        time = None if speed is None else row.number("time_ms")
        length = None if time is None else speed / 3.6 * time / 1000
    return length


class Room:
    """What fits on a link: vehicles (on foot people), the people in them, and microseconds until a gap is of use at its beginning."""

    def __init__(self, vehicles, per_vehicle, packet, wave_us):
        self.vehicles, self.wave_us = int(vehicles), wave_us
        self.people = vehicles * per_vehicle + max(packet - per_vehicle, 0.0)


def people_per_vehicle(case):
    return 1.0 if case.scenario.walk else case.scenario.occupancy[case.best]


def room_of(case, key, packet):
    """The room of a link of the case for packets of so many people; None if any number fits."""
    s, (rate, tau, _) = case.scenario, case.links[key]
    length, lanes, storage = s.spaces[key]
    per_vehicle = people_per_vehicle(case)
    if s.walk:
        if length is None:
            return None
        width = s.links[key][2][0] / 3600.0 / WALK_FLOW
        fit, wave_km_h = length * width / (1.0 / WALK_DENSITY), 3.6 * WALK_FLOW / (WALK_DENSITY - WALK_FLOW / WALK_SPEED)
    else:
        if storage is not None:
            fit = storage[case.best] / s.pcu
        elif length is not None:
            fit = length * max(1.0 if lanes is None else lanes, 0.5) / (SPACING_M * s.pcu)
        else:
            return None
        wave_km_h = WAVE_KM_H
    wave_s = (length or 0.0) * 3.6 / wave_km_h
    needed = rate / 1000.0 / per_vehicle / 3600.0 * (tau / 1000.0 + wave_s) + 1.0
    vehicles = min(max(math.floor(fit), math.ceil(needed), 1.0), MOST_VEHICLES)
    return Room(vehicles, per_vehicle, packet, math.floor(wave_s * 1e6 + 0.5))


def cannot_overflow(room, rate, people, longest):
    """Whether a link has room whatever comes: for all its people, or for all who enter within the longest stay and the time of a gap."""
    return min(people, rate / 3.6e12 * (longest + room.wave_us)) <= room.people


def overfull(stays, room, horizon):
    """(people x microseconds over the room, most people, from, until) in microseconds; None if nothing is over.

    `stays`: people, when the first and the last enter, when the first and the last go on, one after the other.
    """
    changes = []
    for people, enters, entered, leaves, left in zip(*[iter(stays)] * 5):
        changes += (enters, entered, people), (leaves + room.wave_us, left + room.wave_us, -people)
    changes = sorted(change for change in changes if change[0] <= horizon)
    limit, area, most, over = room.people + NONE_OVER, 0.0, 0.0, None
    at, whole, now, active = 0, 0, 0, []

    while True:
        following = horizon
        while at < len(changes):
            if changes[at][0] > now:
                following = min(horizon, changes[at][0])
                break
            active.append(changes[at])
            at += 1
        still = []
        for change in active:
            if change[1] > now:
                still.append(change)
                if change[1] < following:
                    following = change[1]
            else:
                whole += change[2]
        active, following = still, max(now, following)
        # of those who are between first and last a part, now and when the next change comes
        first = last = 0
        for start, end, people in active:
            first += people * (now - start) / (end - start)
            last += people * (following - start) / (end - start)
        first, last = whole + first, whole + last
        most = max(most, first, last)
        if first > limit or last > limit:
            start, end = now, following
            if first <= limit:
                start, first = now + (following - now) * (limit - first) / (last - first), limit
            elif last <= limit:
                end, last = now + (following - now) * (limit - first) / (last - first), limit
            area += ((first - room.people) + (last - room.people)) / 2 * (end - start)
            over = (over[0] if over else start), end
        if now >= horizon:
            return (area, most, *over) if over else None
        now = following


def overflow(loading, case):
    """Rows of overflow.csv, those with most first."""
    per_vehicle, rows = people_per_vehicle(case), []
    for key, (room, found) in loading.overfull.items():
        area, most, start, end = found
        rows.append({"link_id": key, "room_vehicles": room.vehicles, "peak_vehicles": most / per_vehicle,
                     "overflow_vehicle_min": area / per_vehicle / 6e7, "from_s": start / 1e6, "until_s": end / 1e6})
    return sorted(rows, key=lambda row: (-row["overflow_vehicle_min"], row["link_id"]))


def waiting(loading):
    """Waiting of one person on the whole journey."""
    waits = sorted(zip(loading.waits, loading.people_of))
    if not waits:
        return dict.fromkeys(("mean_min", "p95_min", "longest_min", "closed_person_hours"), 0.0)
    sums = list(accumulate(people for _, people in waits))
    at = next(at for at, people in enumerate(sums) if people >= -(-sums[-1] * 95 // 100))
    return {"mean_min": loading.waited / sums[-1] / 6e7, "p95_min": waits[at][0] / 6e7, "longest_min": waits[-1][0] / 6e7,
            "closed_person_hours": loading.waited_closed / 3.6e9}
