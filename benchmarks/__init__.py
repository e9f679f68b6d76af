"""Speed and memory, measured with commands anyone can run (docs/performance.md). Ratios within one run; never a test."""
