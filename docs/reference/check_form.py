"""What files must look like, what was found, and when a claimed figure agrees with a recomputed one. Part of check.py."""
import re

from check_scenario import Unreadable


class Findings(list):
    """What does not hold."""

    def add(self, code, place, claimed="", recomputed="", message=""):
        self.append({"code": code, "place": str(place), "claimed": str(claimed), "recomputed": str(recomputed),
                     "message": message})

    def unless(self, agrees, code, place, claimed, recomputed, message="not what was recomputed"):
        if not agrees:
            self.add(code, place, "" if claimed is None else claimed, "" if recomputed is None else recomputed, message)


# ---- the shape of JSON -----------------------------------------------------------------------------------------------

def whole(low, high):
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high


def text(value):
    return isinstance(value, str)


def one_of(*words):
    return lambda v: isinstance(v, str) and v in words


def optional(test):
    return lambda v: v is None or test(v)


def list_of(test):
    return lambda v: isinstance(v, list) and all(map(test, v))


def shaped(**keys):
    """A test for an object with these keys; those that may be missing get their default."""
    def test(value):
        if not isinstance(value, dict):
            return False
        for key, (check, *default) in keys.items():
            if key not in value and default:
                value[key] = default[0]
            if key not in value or not check(value[key]):
                return False
        return True
    return test

I64 = whole(-2**63, 2**63 - 1)


# ---- comparing ------------------------------------------------------------------------------------------------------

def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def close(claimed, recomputed):
    """Rounded to three decimals, and what sums of floating point may differ by."""
    return abs(claimed - recomputed) <= 0.00051 + 1e-9 * abs(recomputed)


def to_ms(cell):
    """Seconds with at most three decimals."""
    try:
        ms = float(cell) * 1000 if re.fullmatch(r"[0-9+\-.eE]+", cell) else -1
    except ValueError:
        return None
    return int(ms + 0.5) if 0 <= ms <= 1e15 and abs(ms - int(ms + 0.5)) <= 0.01 else None


def seconds(ms):
    return None if ms is None else ms / 1000


def gap(plan, bound):
    return plan / bound - 1 if plan is not None and bound else None


def is_whole(cell, value):
    return re.fullmatch(r"[+-]?[0-9]+", cell) is not None and int(cell) == value


def is_time(cell, ms):
    return ms is None if cell == "" else ms is not None and to_ms(cell) == ms


def is_close(row, column, value):
    try:
        found = row.number(column)
    except Unreadable:
        return False
    return value is None if found is None else value is not None and close(found, value)
