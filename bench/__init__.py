"""The benchmark: Kefu beside other servers, on one machine, in one run.

``python -m bench --help`` tells how to run it, ``docs/performance.md`` what it measures and why.
Rules: a server has one core to itself and the load generator another; a figure is the server's
CPU time per message, because the clock on a shared machine is not to be trusted; rounds of Kefu
and its peers alternate, and only ratios within a run are compared.
Not here: tests of behaviour. The short form is tested for running, never for its figures.
"""
