"""How fast a cycle is, beside what a user would write instead and beside the floor of the formats.

    python -m tests.benchmarks            the table that docs/rendimiento.md shows
    python -m tests.benchmarks real 200x200 --runs 5

`cases` makes the files, `rivals` are the script and the floor, `states` makes as many states as a case asks for,
`measure` runs programs in turn and reads what the system says of them. None of it runs with the tests.
"""
