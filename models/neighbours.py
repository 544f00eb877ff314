"""The mean of the nearest training rows."""

from models.base import Model, Problem, Regressor


def nearest_neighbours(problem: Problem, seed: int) -> Regressor:
    """Return the mean of the five nearest rows, each weighted by the inverse of its distance, inputs standardised."""
    from sklearn.neighbors import KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    n_neighbours = min(5, problem.n_train)
    regressor: Regressor = make_pipeline(StandardScaler(), KNeighborsRegressor(n_neighbours, weights="distance"))
    return regressor


MODELS = (
    Model(
        name="nearest-neighbours",
        title="Five nearest neighbours, weighted by distance",
        source="Shepard (1968), A two-dimensional interpolation function for irregularly spaced data",
        build=nearest_neighbours,
        tags=("neighbours",),
    ),
)
