"""The board, the reports and the counters behind them (CP-21, CP-22, CP-27, CP-29)."""
