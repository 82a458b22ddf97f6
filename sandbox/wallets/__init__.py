"""What the test PayPal, WebMoney and QIWI share: a payment that a wallet's owner says yes or no to, and its page."""
