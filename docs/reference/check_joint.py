"""Bounds of all together, on roads and at sites (multimodal.md, Joint bounds). Part of check.py."""
from check_fleet import QUARTER
from check_groups import CARRIED
from check_bound import PERSON
from check_scenario import Case, length


def beyond(groups, rate, spans, start, end, largest):
    """What the fleet may take within [start, end) above a steady rate; amounts as in check_bound.py."""
    opened = [(max(f, start), min(u, end)) for f, u in spans if max(f, start) < min(u, end)]
    if not opened or not rate:
        return 0.0
    quarters, last = 0, -1
    for f, u in opened:
        first = max(f // QUARTER, last + 1)
        last = (u - 1) // QUARTER
        quarters += max(0, last - first + 1)
    more = rate * groups.share * (quarters * QUARTER - length(opened, start, end))
    return more + max(0.0, largest * PERSON - rate * groups.share * QUARTER)


class JointRoads:
    """Those with vehicles of their own and those in the fleet, all counted by the room they take."""

    def __init__(self, groups, family):
        self.groups, self.family = groups, family
        own, _ = groups.weights()
        self.largest = max((kind.pcu for kind in groups.fleet.values()), default=0) / own
        self.most = max((sum(kind.places.values()) for kind in groups.fleet.values()), default=0)
        self.fleet = sum(groups.in_cars(zone)[0][0] for zone in groups.s.zones)
        self.people = family.evacuees

    def proves(self, time):
        """Whether a cut shows that not all have arrived before this time."""
        return any(self.below(cut, cut.theta - time) for cut in self.family.cuts if cut.theta >= time)

    def below(self, cut, by):
        value = cut.shifted(by)
        if value is None or value >= self.people * PERSON:
            return False
        more = 0.0
        for arc, x, y in cut.counted:
            if arc[5] == "link":
                more += beyond(self.groups, arc[2], arc[4], max(0, x - by), y - by, self.largest)
        for site, alpha in cut.sites:
            start, end = max(0, alpha - by), cut.theta - by
            amount, full = cut.network.site(site, start, end)
            rate, _, spans = cut.network.case.admissions[site]
            if not full and rate is not None:
                added = beyond(self.groups, rate, spans, start, end, self.most)
                holds = cut.network.case.capacity[site]
                more += added if holds is None else min(added, holds * PERSON - amount)
        return value + min(more, self.fleet * PERSON) < self.people * PERSON


class JointSites:
    """Everybody is received at a site, by whatever way."""

    def __init__(self, groups):
        self.groups, self.case = groups, Case(groups.s, "central")
        self.fleet = sum(groups.evacuees(means) for means in CARRIED)
        self.people = sum(groups.evacuees(means) for means in groups.means)
        self.most = max((sum(kind.places.values()) for kind in groups.fleet.values()), default=0)

    def proves(self, time):
        received, more = 0, 0.0
        for site, (rate, _, spans) in self.case.admissions.items():
            holds = self.case.capacity[site]
            admitted = None if rate is None else rate * length(spans, 0, time)
            if holds is not None and (admitted is None or holds * PERSON <= admitted):
                received += holds * PERSON
                continue
            added = beyond(self.groups, rate, spans, 0, time, self.most)
            received += admitted
            more += added if holds is None else min(added, holds * PERSON - admitted)
        return received + min(more, self.fleet * PERSON) < self.people * PERSON
