"""What is drawn for people: reports, comparisons, curves."""
