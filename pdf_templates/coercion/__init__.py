"""Documents of coercive measures: sealing and seizing, power and explosives cut off."""
