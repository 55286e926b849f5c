"""The screen: draws what messages say."""
