"""What may stand where something sensible should."""

from __future__ import annotations

from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**310)
    | st.floats()
    | st.text()
    | st.text(st.characters(categories=["Cs", "Cc", "L"]))
)
