"""Runs Autobahn's wstest from the folder that pip filled: wstest.py FOLDER [wstest's arguments]"""
import site
import sys

site.addsitedir(sys.argv.pop(1))  # it has packages that are spread over folders, which PYTHONPATH alone does not find
from autobahntestsuite.wstest import run

run()
