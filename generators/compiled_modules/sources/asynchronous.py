# since 3.6
"""Coroutines, asynchronous generators, keyword-only arguments, annotations."""


async def fetch(url: str, *, timeout: float = 1.5) -> bytes:
    async with open(url) as source:
        return await source.read()


async def numbers(n):
    for i in range(n):
        yield i
    pairs = [x async for x in numbers(2) if x]
    text = f"{pairs!r:>{n}} {n}"
    return_value = {key: value for key, value in zip(pairs, text)}
