"""Two solvers for the same program: is there a point that satisfies it? `True`, `False`, or `None` where time ran out.

OR-tools has a HiGHS of its own inside, so that both packages cannot be loaded in one process.
"""
import math


def highs(program, limit_s):
    import highspy
    import numpy as np
    model = highspy.HighsLp()
    columns, rows = len(program.low), len(program.rows)
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = np.zeros(columns)
    model.col_lower_, model.col_upper_ = np.array(program.low), np.array(program.high)
    model.row_lower_ = np.array([float(row[0]) for row in program.rows])
    model.row_upper_ = np.array([float(row[1]) for row in program.rows])
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[whole] for whole in program.whole]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0] + [len(row[2]) for row in program.rows]).astype(np.int32)
    model.a_matrix_.index_ = np.array([column for row in program.rows for column in row[2]], dtype=np.int32)
    model.a_matrix_.value_ = np.array([factor for row in program.rows for factor in row[2].values()])
    problem = highspy.Highs()
    problem.setOptionValue("output_flag", False)
    problem.setOptionValue("threads", 1)
    problem.setOptionValue("time_limit", float(limit_s))
    problem.passModel(model)
    problem.run()
    status = problem.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return True
    # no objective, so it cannot be unbounded
    no = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    return False if status in no else None


def scip(program, limit_s):
    from ortools.linear_solver import pywraplp
    problem = pywraplp.Solver.CreateSolver("SCIP")
    problem.SetTimeLimit(int(limit_s * 1000))
    bounds = zip(program.low, program.high, program.whole)
    columns = [problem.IntVar(low, high, "") if whole else problem.NumVar(low, high, "") for low, high, whole in bounds]
    for low, high, terms in program.rows:
        row = problem.Constraint(-problem.infinity() if low == -math.inf else low, high)
        for column, factor in terms.items():
            row.SetCoefficient(columns[column], factor)
    status = problem.Solve()
    if status in (problem.OPTIMAL, problem.FEASIBLE):
        return True
    return False if status == problem.INFEASIBLE else None
