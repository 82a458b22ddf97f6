"""What can happen to an account: every kind of line in its log. templates/security/_event.html has the sentences."""

KINDS = frozenset(
    """
    registered email_confirmed consent_given
    signed_in signed_in_on_new_device signed_out session_ended sessions_ended
    password_changed password_recovered
    name_changed greeting_changed details_changed
    email_change_asked email_changed email_change_stopped email_change_undone
    handover_asked handed_over handover_stopped
    passkey_added passkey_renamed passkey_removed
    second_step_on second_step_off recovery_codes_made recovery_code_used
    lost_mailbox_looked_at lost_mailbox_approved lost_mailbox_waiting lost_mailbox_stopped
    lost_mailbox_done lost_mailbox_refused
    data_asked data_downloaded deletion_asked deletion_stopped
    certificate_activated code_word_used certificate_guessing
    payout_details_opened
    """.split()
)
