"""More states than the Conference has, for cases that ask for them: `crmxl.members` is extended before it is used.

    python -m tests.benchmarks.states 200 merge plan.xlsx --submissions recibidos -o consolidado.xlsx

runs a command of crmxl in which two hundred states are members, called `Estado 012` and the like. The processes that
read files need not know of them.
"""

from __future__ import annotations

import sys

from crmxl import members
from crmxl.text import B


def code_of(number: int) -> str:
    """The code of a state: Q, which begins no code of a country that is a member, and two letters."""
    first, second = divmod(number, 26)
    return f"Q{chr(65 + first)}{chr(65 + second)}"


def extend(count: int) -> None:
    """Let there be so many members: those of the Conference and further ones, written to in Spanish."""
    for number in range(len(members.MEMBERS), count):
        name = f"Estado {number:03}"
        member = members.Member(code_of(number), B(name, name))
        members.MEMBERS += (member,)
        members.CODES += (member.code,)
        members.BY_CODE[member.code] = member
        members._BY_NAME |= {members._key(text): member for text in (member.code, name)}


if __name__ == "__main__":
    extend(int(sys.argv.pop(1)))
    from crmxl.cli import run

    sys.argv[0] = "crmxl"
    run()
