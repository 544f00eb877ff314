"""The machine: finds tasks and models, runs what is missing, keeps records and renders them."""
