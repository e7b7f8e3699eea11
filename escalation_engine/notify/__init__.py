"""Ready-made `notify` hooks: e-mail over SMTP, services through Apprise, and one per channel.

A host takes them as they are, or writes its own: a hook is anything to be called with the case and
the effect. Nothing here retries; an error raised means "not delivered", and the outbox tries again.
"""

from escalation_engine.notify.channels import ByChannel
from escalation_engine.notify.mail import Mail, Security
from escalation_engine.notify.services import Services

__all__ = ["ByChannel", "Mail", "Security", "Services"]
