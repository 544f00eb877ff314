"""How straight networks are along rays that leave the training range."""
