# since 3.12
"""Type parameters, and comprehensions that are inlined."""
type Pair[T] = tuple[T, T]


def first[T: (int, str)](pair: Pair[T]) -> T:
    return [x for x in pair][0]


class Box[T]:
    def get(self) -> T:
        return {k: [v for v in k] for k in self}
