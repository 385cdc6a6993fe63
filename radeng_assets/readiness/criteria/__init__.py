"""The eight success criteria, one module each: ``judge(case)`` looks at evidence and says where it stands."""
