"""Makes feeds of GTFS with pandas, and counts the vehicles in use on some days, minute by minute, with partridge's reading of the calendar.

make_gtfs.py FOLDER
"""

import datetime
import json
import pathlib
import random
import sys
import zipfile

import pandas
import partridge

out = pathlib.Path(sys.argv[1])
WORDS = {0: "tram", 2: "rail", 3: "bus", 200: "coach"}
# as the rows of the answer are sorted
ORDER = ["bus", "coach", "tram", "rail"]


def clock(minutes):
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"


def make(seed):
    """A feed of one month, trips in whole minutes."""
    chance = random.Random(seed)
    routes = [{"route_id": f"R{n}", "route_type": chance.choice(list(WORDS)), "route_short_name": str(n)} for n in range(5)]
    stops = [{"stop_id": f"S{n}", "stop_name": f"Stop {n}", "stop_lat": 10.0, "stop_lon": 30.0 + n / 1000} for n in range(6)]
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    services = [
        {"service_id": f"V{n}", **{day: chance.choice([0, 1, 1]) for day in days}, "start_date": "20260601", "end_date": "20260630"}
        for n in range(3)
    ]
    exceptions = [
        {"service_id": f"V{n}", "date": f"202606{chance.randint(1, 30):02d}", "exception_type": chance.choice([1, 2])} for n in range(3)
    ]
    trips, times, frequencies = [], [], []
    for n in range(120):
        begin, lasts = chance.randint(240, 1500), chance.randint(1, 90)
        trips.append(
            {
                "route_id": chance.choice(routes)["route_id"],
                "service_id": chance.choice(services)["service_id"],
                "trip_id": f"T{n}",
                "block_id": "",
            }
        )
        for sequence, minute in ((1, begin), (5, begin + lasts)):
            stop = chance.choice(stops)["stop_id"]
            times.append({"trip_id": f"T{n}", "arrival_time": clock(minute), "departure_time": clock(minute), "stop_id": stop, "stop_sequence": sequence})
        if n % 15 == 0:
            frequencies.append({"trip_id": f"T{n}", "start_time": clock(400), "end_time": clock(500), "headway_secs": 60 * chance.randint(3, 20)})
    # blocks: of one route and service, one trip after the other
    for n in range(12):
        route, service, at = chance.choice(routes)["route_id"], chance.choice(services)["service_id"], chance.randint(300, 900)
        for leg in range(3):
            lasts, name = chance.randint(5, 60), f"B{n}-{leg}"
            trips.append({"route_id": route, "service_id": service, "trip_id": name, "block_id": f"B{n}"})
            for sequence, minute in ((1, at), (2, at + lasts)):
                stop = chance.choice(stops)["stop_id"]
                times.append({"trip_id": name, "arrival_time": clock(minute), "departure_time": clock(minute), "stop_id": stop, "stop_sequence": sequence})
            at += lasts + chance.randint(0, 30)
    tables = {
        "agency": [{"agency_id": "1", "agency_name": "X", "agency_url": "http://x", "agency_timezone": "UTC"}],
        "routes": routes,
        "stops": stops,
        "calendar": services,
        "calendar_dates": exceptions,
        "trips": trips,
        "stop_times": times,
        "frequencies": frequencies,
    }
    path = out / f"feed-{seed}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{name}.txt", pandas.DataFrame(rows).to_csv(index=False))
    return path


def minutes(text):
    hours, rest, _ = str(text).split(":")
    return int(hours) * 60 + int(rest)


def in_use(path, date, by_date):
    """For each kind, how many are in use in each minute of the service day, and how many trips there are."""
    services = by_date.get(date, frozenset())
    with zipfile.ZipFile(path) as archive:
        read = {name: pandas.read_csv(archive.open(f"{name}.txt"), dtype=str) for name in ("routes", "trips", "stop_times", "frequencies")}
    trips = read["trips"][read["trips"].service_id.isin(services)]
    kinds = {row.route_id: WORDS[int(row.route_type)] for row in read["routes"].itertuples()}
    ends = {name: (rows.departure_time.map(minutes).min(), rows.arrival_time.map(minutes).max()) for name, rows in read["stop_times"].groupby("trip_id")}
    repeated = {name: rows for name, rows in read["frequencies"].groupby("trip_id")}
    used, count = {}, {}

    def add(kind, begin, end):
        row = used.setdefault(kind, [0] * 4000)
        for minute in range(begin, end):
            row[minute] += 1

    blocks = {}
    for trip in trips.itertuples():
        kind, (begin, end) = kinds[trip.route_id], ends[trip.trip_id]
        if trip.trip_id in repeated:
            for row in repeated[trip.trip_id].itertuples():
                for at in range(minutes(row.start_time), minutes(row.end_time), int(row.headway_secs) // 60):
                    add(kind, at, at + end - begin)
                    count[kind] = count.get(kind, 0) + 1
            continue
        count[kind] = count.get(kind, 0) + 1
        if isinstance(trip.block_id, str) and trip.block_id:
            before = blocks.get(trip.block_id, (kind, begin, end))
            blocks[trip.block_id] = (kind, min(begin, before[1]), max(end, before[2]))
        else:
            add(kind, begin, end)
    for kind, begin, end in blocks.values():
        add(kind, begin, end)
    return used, count


found = []
for seed in range(4):
    path = make(seed)
    by_date = partridge.read_service_ids_by_date(str(path))
    for number in (1, 4, 7, 13, 20):
        date = datetime.date(2026, 6, number)
        if date not in by_date:
            continue
        today, count = in_use(path, date, by_date)
        night, _ = in_use(path, date - datetime.timedelta(days=1), by_date)
        rows = {}
        for kind in set(today) | set(night):
            late = night.get(kind, [0] * 4000)
            row = [today.get(kind, [0] * 4000)[minute] + late[minute + 1440] for minute in range(1440)]
            if kind in today or any(late[1440:]):
                rows[kind] = row
        kinds = [[kind, max(rows[kind]), count.get(kind, 0)] for kind in ORDER if kind in rows]
        peak = max(sum(row[minute] for row in rows.values()) for minute in range(1440))
        found.append({"feed": path.name, "date": date.isoformat(), "kinds": kinds, "peak": peak})
print(json.dumps(found))
