"""Plans of meals that are played through for ten years, against an account of them.

Nothing goes wrong here but that Home Assistant is away for a while: what is judged is
the plan itself, with all that its owner changes of it.
"""
