"""What the configuration knows of voices, put over what a transcript says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sitegen.config import ParticipantConfig
from sitegen.model import Participant, Transcript
from sitegen.palette import HUES, Voice

__all__ = ["own_hues", "own_voices", "with_aliases"]

Known = Sequence[tuple[str, ParticipantConfig]]


def with_aliases(transcript: Transcript, known: Known) -> Transcript:
    """A transcript whose voices have the names, models and addresses of the configuration."""
    about = dict(known)
    if not any(person.name in about for person in transcript.participants):
        return transcript
    people: dict[str, Participant] = {}
    for person in transcript.participants:
        settings = about.get(person.name, ParticipantConfig())
        name = settings.alias or person.name
        people.setdefault(
            name,
            replace(person, name=name, model=person.model or settings.model, url=settings.url),
        )
    return replace(
        transcript,
        participants=tuple(people.values()),
        messages=tuple(
            replace(message, speaker=about[message.speaker].alias)
            if message.speaker in about and about[message.speaker].alias
            else message
            for message in transcript.messages
        ),
    )


def own_voices(known: Known) -> tuple[Voice, ...]:
    """The colours and signs beyond the palette that the configuration gives, in its order."""
    return tuple(dict.fromkeys(voice for voice in _own(known).values() if not _in_palette(voice)))


def own_hues(known: Known) -> Mapping[str, int]:
    """The hue of each name that has a colour or a sign of its own."""
    voices = own_voices(known)
    return {
        name: HUES.index(voice[0]) if _in_palette(voice) else len(HUES) + voices.index(voice)
        for name, voice in _own(known).items()
    }


def _in_palette(voice: Voice) -> bool:
    color, avatar = voice
    return color in HUES and not avatar


def _own(known: Known) -> dict[str, Voice]:
    """By the name that is shown; of several with one alias the first counts."""
    found: dict[str, Voice] = {}
    for name, about in known:
        if about.color or about.avatar:
            found.setdefault(about.alias or name, (about.color, about.avatar))
    return found
