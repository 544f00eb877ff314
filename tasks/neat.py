"""The selection of neat genetic programming."""

from tasks.suite import Suite

SOURCE = "Trujillo, Munoz, Galvan-Lopez, Silva 2016, neat genetic programming, Inf. Sci. 333"
SUITE = Suite.of(
    (),
    name="neat",
    version=1,
    title="The selection of neat genetic programming",
    source=SOURCE,
    also={
        "neat-1": "nguyen-2",
        "neat-2": "nguyen-3",
        "neat-3": "nguyen-5",
        "neat-4": "nguyen-7",
        "neat-5": "nguyen-10-wide",
        "neat-6": "keijzer-6",
        "neat-7": "korns-12",
        "neat-8": "vladislavleva-1",
        "neat-9": "pagie-1",
    },
)
