"""The assistant: a few canned answers, so that the example needs no model and no network."""

ANSWERS = (
    (("hello", "hi", "hey", "hej"), "Hello! Ask me anything, for example about your documents."),
    (("document", "file", "upload"), "Upload a text under Documents and I will tell you how many words it has."),
    (("price", "cost", "pay"), "Nothing at all: I am an example."),
    (("thanks", "thank"), "You are welcome."),
    (("log", "activity", "livetrail"), "This message is already in the activity log. Look at the dashboard!"),
)
OTHERWISE = "That is a good question. A real assistant would think about it; I only write it down."
OPENINGS = {"friendly": "", "brief": "", "formal": "Dear visitor, "}


def answer(message: str, tone: str = "friendly") -> str:
    """The first answer with a word of the message; `tone` is one of a user's preferences."""
    words = {word.strip(".,!?").lower() for word in message.split()}
    words |= {word.removesuffix("s") for word in words}
    text = next((text for keys, text in ANSWERS if words.intersection(keys)), OTHERWISE)
    if tone == "brief":
        text = text.partition(".")[0].partition("!")[0] + "."
    opening = OPENINGS[tone]
    return opening + (text[0].lower() + text[1:] if opening and not text.startswith("I ") else text)
