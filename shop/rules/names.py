"""Names: exactly as people wrote them, and how they wish to be addressed."""


def greeting(given_name: str, patronymic: str, style: str) -> str:
    """Return how the shop addresses a person; a patronymic only if one was given and is wished."""
    if style == "name_and_patronymic" and patronymic:
        return f"{given_name} {patronymic}"
    return given_name


def full_name(family_name: str, given_name: str, patronymic: str = "") -> str:
    """Return «Секретов Игорь Валерьянович», as documents and parcels have it."""
    return " ".join(part for part in (family_name, given_name, patronymic) if part)


def initials(given_name: str, family_name: str) -> str:
    """Return «ИС» for the round badge."""
    return (given_name[:1] + family_name[:1]).upper()


def looks_like_a_name(text: str) -> bool:
    """False for what a mail program would make a link of: names are never refused, but not every one is written to strangers."""
    words = text.lower().split()
    return len(text) <= 60 and not any(
        sign in word.strip(".") for word in words for sign in ("/", "@", ".", "www")
    )
