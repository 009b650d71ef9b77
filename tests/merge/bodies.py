"""Random triples of bodies in which both sides add, move, reword and delete the same few lines."""

import random

KINDS = ("steps", "tight", "loose", "paragraphs", "sections", "blank", "nested")
_WORDS = ("Dig", "Sow", "Water", "Weed", "Rake", "Mulch", "Prune", "Pick")
_ENDS = ("\n", "\n", "\n", "\r\n")


def _block(rnd: random.Random, kind: str, text: str) -> list[str]:
    """One block of a body, as lines."""
    if kind == "steps":
        return [f"- [{rnd.choice('   x')}] {text}"]
    if kind == "tight":
        return [f"- {text}"]
    if kind == "loose":
        return [f"- {text}", ""]
    if kind == "paragraphs":
        return [text, *([f"and {text.lower()} again"] if rnd.random() < 0.3 else []), ""]
    if kind == "sections":
        return [f"## {text}", "", f"How to {text.lower()}.", ""]
    if kind == "nested":
        return [f"- [ ] {text}", f"  - [ ] {text.lower()} {rnd.choice('ab')}"]
    return [text, *[""] * rnd.randint(0, 2)]


def _edited(
    rnd: random.Random, kind: str, blocks: list[list[str]], shared: list[list[str]]
) -> list[list[str]]:
    """One to three edits: a shared block put in, moved, reworded, deleted, or a new one."""
    blocks = [list(block) for block in blocks]
    for _ in range(rnd.randint(1, 3)):
        at = rnd.randint(0, len(blocks))
        what = rnd.choice(("shared", "shared", "shared", "own", "move", "reword", "delete"))
        if what == "shared":
            blocks.insert(at, rnd.choice(shared))
        elif what == "own":
            blocks.insert(at, _block(rnd, kind, f"{rnd.choice(_WORDS)} {rnd.randint(10, 99)}"))
        elif blocks:
            taken = blocks.pop(rnd.randrange(len(blocks)))
            if what == "move":
                blocks.insert(rnd.randint(0, len(blocks)), taken)
            elif what == "reword":
                blocks.insert(
                    min(at, len(blocks)), [line + " well" if line else line for line in taken]
                )
    return blocks


def bodies(rnd: random.Random) -> tuple[str, str, str]:
    """Base, ours and theirs."""
    kind = rnd.choice(KINDS)
    words = rnd.sample(_WORDS, len(_WORDS))
    base = [_block(rnd, kind, word) for word in words[: rnd.randint(0, 4)]]
    shared = [_block(rnd, kind, word) for word in words[4:6]]
    end, texts = rnd.choice(_ENDS), []
    for blocks in (base, _edited(rnd, kind, base, shared), _edited(rnd, kind, base, shared)):
        text = end.join(line for block in blocks for line in block)
        texts.append(text.rstrip("\r\n") if rnd.random() < 0.15 else text + end)
    return texts[0], texts[1], texts[2]


def cherry_picked(rnd: random.Random) -> tuple[str, str, str, str]:
    """Base, base + X + A, base + X + B, and the first line of X, which is not in the base."""
    kind = rnd.choice([kind for kind in KINDS if kind != "blank"])
    words = rnd.sample(_WORDS, len(_WORDS))
    base = [_block(rnd, kind, word) for word in words[:4]]
    extra, one, two = (_block(rnd, kind, word) for word in words[4:7])
    at = rnd.randint(0, 4)
    sides = []
    for own in (one, two):
        blocks = list(base)
        blocks.insert(at, extra)
        blocks.insert(rnd.randint(0, 5), own)
        sides.append(blocks)
    texts = [
        "\n".join(line for block in blocks for line in block) + "\n" for blocks in (base, *sides)
    ]
    return texts[0], texts[1], texts[2], extra[0]
