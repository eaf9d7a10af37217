"""Handlers: an exception table from 3.11 on, blocks before."""


def read(path):
    try:
        with open(path) as file:
            for line in file:
                if not line:
                    continue
                yield line
    except (IOError, ValueError) as error:
        raise RuntimeError(path)
    else:
        return
    finally:
        path = None


def nested():
    while True:
        try:
            try:
                break
            finally:
                nested()
        except Exception:
            pass
