"""The format that all these services read."""


def render(sections):
    """Sections of settings as text; a list is written as oslo.config reads it."""
    blocks = []
    for name, settings in sections.items():
        rows = [f"{key} = {value(content)}" for key, content in settings.items()]
        blocks.append("\n".join([f"[{name}]", *rows]))
    return "\n\n".join(blocks) + "\n"


def value(content):
    match content:
        case bool():
            return str(content).lower()
        case list():
            return ",".join(map(str, content))
        case _:
            return str(content)
