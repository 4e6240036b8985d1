"""
Pure rules of the two registries of 双随机 (检查对象名录库、执法人员名录库).

`cells` cleans what an office typed, `values` reads one cell, `headers` finds the header row,
`enterprises` and `officers` say which columns there are and put a row together.
"""
