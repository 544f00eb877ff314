"""Five trees, as a notebook's author would write them as a plugin."""

from sklearn.ensemble import ExtraTreesRegressor

from models.base import Model, Problem, Regressor


def small_trees(problem: Problem, seed: int) -> Regressor:
    return ExtraTreesRegressor(n_estimators=5, random_state=seed)


MODELS = (Model(name="small-trees", build=small_trees),)
