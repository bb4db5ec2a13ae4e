"""The fields that every form is made of: what they take, what they refuse, in which words.

Anything can arrive: nothing, a megabyte, NUL, 30 February, the same name twice. Each is told beside its
field, the typed text stays, and what passes is safe to store on both databases.
"""
