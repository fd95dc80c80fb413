"""The dataset doctor: photos and regions that are probably mislabelled.

``suspicion``  which regions a reader reads as something else; ``doctor`` looks through a data set
``report``     what was found, as a person reads it
"""
