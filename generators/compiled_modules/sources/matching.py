# since 3.10
"""Pattern matching."""


def match_it(command):
    match command:
        case ["go", direction] | {"go": direction}:
            return direction
        case str() as text if text:
            return text
        case (1 | 2.5 | None) as number:
            return number
        case _:
            return ...
