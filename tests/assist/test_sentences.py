"""The sentences that people copy are understood by Home Assistant's own assistant."""

from __future__ import annotations

from pathlib import Path
import shutil

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.mqtt_dispatch.assist.handlers import (
    HANDLERS,
    INTENT_FEED,
    INTENT_LAST_FED,
    INTENT_WAITING,
)

from ..nonempty import some
from ..package import LANGUAGES
from .talking import set_up, words

SENTENCES = Path(__file__).parents[2] / "docs" / "sentences"
FED, WHY = (INTENT_LAST_FED, None), (INTENT_WAITING, None)
ONE, TWO = (INTENT_FEED, None), (INTENT_FEED, 2)

SAID = [
    ("en", "Feed the Kitchen", ONE),
    ("en", "feed kitchen.", ONE),
    ("en", "feed the kitchen 2 portions", TWO),
    ("en", "give the kitchen two portions", TWO),
    ("en", "give 2 portions to my kitchen", TWO),
    ("en", "When was the kitchen fed?", FED),
    ("en", "when was kitchen last fed", FED),
    ("en", "Has the kitchen been fed today?", FED),
    ("en", "Why is the kitchen waiting?", WHY),
    ("en", "what is the kitchen waiting for?", WHY),
    ("en", "Why is the feeder waiting?", WHY),
    ("de", "Füttere die Kitchen", ONE),
    ("de", "füttere Kitchen mit 2 Portionen", TWO),
    ("de", "Gib der Kitchen 2 Portionen", TWO),
    ("de", "Wann wurde die Kitchen zuletzt gefüttert?", FED),
    ("de", "wurde Kitchen heute schon gefüttert", FED),
    ("de", "Warum wartet die Kitchen?", WHY),
    ("de", "Worauf wartet der Futterautomat?", WHY),
    ("fr", "Nourris la Kitchen", ONE),
    ("fr", "donne 2 portions à la Kitchen", TWO),
    ("fr", "Quand la Kitchen a-t-elle été nourrie ?", FED),
    ("fr", "quand a-t-on nourri Kitchen pour la dernière fois", FED),
    ("fr", "pourquoi la Kitchen attend", WHY),
    ("fr", "Pourquoi le distributeur attend-il ?", WHY),
    ("es", "Alimenta a la Kitchen", ONE),
    ("es", "da 2 porciones a la Kitchen", TWO),
    ("es", "¿Cuándo comió la Kitchen por última vez?", FED),
    ("es", "¿Por qué espera el comedero?", WHY),
    ("es", "por qué está esperando la Kitchen", WHY),
    ("it", "Nutri la Kitchen", ONE),
    ("it", "dai 2 porzioni alla Kitchen", TWO),
    ("it", "Quando ha mangiato la Kitchen l'ultima volta?", FED),
    ("it", "perché aspetta la Kitchen", WHY),
    ("it", "Perché è in attesa il distributore?", WHY),
    ("nl", "Voer de Kitchen", ONE),
    ("nl", "geef de Kitchen 2 porties", TWO),
    ("nl", "Wanneer is de Kitchen voor het laatst gevoerd?", FED),
    ("nl", "waarom wacht de Kitchen", WHY),
    ("nl", "waar wacht de Kitchen op", WHY),
    ("pl", "Nakarm Kitchen", ONE),
    ("pl", "daj 2 porcje dla Kitchen", TWO),
    ("pl", "Kiedy ostatnio nakarmiono Kitchen?", FED),
    ("pl", "na co czeka Kitchen", WHY),
    ("pl", "Dlaczego czeka karmnik?", WHY),
]


def test_there_are_sentences_for_each_intent_in_each_language() -> None:
    assert {folder.name for folder in SENTENCES.iterdir()} == set(LANGUAGES)
    for language in some(LANGUAGES):
        text = (SENTENCES / language / "mqtt_dispatch.yaml").read_text()
        sentences = yaml.safe_load(text)
        assert sentences["language"] == language
        assert set(sentences["intents"]) == {each.intent_type for each in HANDLERS}
        tried = {meant for spoken, _, (meant, _) in SAID if spoken == language}
        assert tried == set(sentences["intents"]), language


@pytest.mark.parametrize("language", sorted(LANGUAGES))
async def test_what_is_said_is_understood(
    hass: HomeAssistant, kitchen: MockConfigEntry, language: str
) -> None:
    folder = Path(hass.config.path("custom_sentences", language))
    folder.mkdir(parents=True)
    shutil.copy(SENTENCES / language / "mqtt_dispatch.yaml", folder)
    await set_up(hass, "button.kitchen_feed")

    for text, meant in some([said[1:] for said in SAID if said[0] == language]):
        heard = await conversation.async_converse(
            hass, text, None, Context(), language=language
        )
        answer, understood = words(heard.response), heard.response.intent
        assert understood is not None, (text, answer)
        portions = understood.slots.get("portions", {}).get("value")
        assert (understood.intent_type, portions) == meant, text
        assert heard.response.error_code is None, (text, answer)
        assert "Kitchen" in answer, text
