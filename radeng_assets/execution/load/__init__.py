"""The load test: a fleet of real agents against a stand-in of the API, beside a bare SDK loop that does the same."""
