/*
 * The faults that a run may meet, by name. Each must fire in some of a thousand seeds: a fault that
 * never happens proves nothing.
 */
export const points: readonly string[] = [
  // Processes end by every kind of reason, and are ended by others.
  ...['die_normal', 'die_shutdown', 'die_shutdown_tuple', 'die_kill', 'die_word', 'die_error'],
  ...['die_nothing', 'die_list', 'die_uncopiable', 'die_hostile', 'exit_uncopiable'],
  ...['kill_actor', 'kill_trapping_actor', 'last_words', 'overrun'],
  // Words are refused.
  ...['name_taken', 'send_to_free_name', 'message_uncopiable'],
  // Time runs away.
  ...['timer_cancelled', 'timer_cancelled_late', 'clock_leap', 'endless', 'chatter'],
  // Supervised ones fail, at every moment.
  ...['kill_worker', 'ask_worker', 'kill_supervisor', 'ask_supervisor', 'kill_starting'],
  ...['kill_while_stopping', 'start_fails', 'gives_up', 'stop_exceeds_limit', 'stop_tree'],
  // Calls are not answered, or too late.
  ...['call_fails', 'never_answered', 'late_reply', 'kill_desk'],
  ...['task_result', 'task_down', 'task_refused'],
  // Code is replaced at any moment.
  ...['load', 'load_refused', 'purge', 'soft_purge'],
  // The demo system is shot at.
  ...['kill_sum', 'kill_session', 'kill_reception', 'kill_sums', 'kill_sessions', 'wish_again'],
  'kill_host',
]
