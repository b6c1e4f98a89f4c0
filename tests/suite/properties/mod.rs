//! The properties that must hold whatever happens.

mod p01_reading_changes_nothing;
mod p02_uses_are_exact;
mod p03_a_stolen_database_opens_nothing;
mod p04_tries_are_throttled;
mod p05_garbage_never_matches;
mod p06_a_token_is_shown_once;
mod p08_strangers_learn_nothing;
mod p09_sessions_are_new;
mod p11_redirects_stay_here;
mod p12_power_is_bounded;
mod p12_small_model;
mod p13_default_deny;
mod p15_endings_bind_at_once;
mod p16_expiry_needs_no_timer;
mod p17_first_use_starts_once;
mod p18_time;
mod p19_revoking_all;
mod p20_no_right_comes_back;
mod p21_no_change_without_its_record;
mod p22_history_is_tamper_evident;
mod p23_hostile_plugins_are_contained;
mod p24_reach;
mod p25_sites_are_apart;
mod p26_content_is_never_deleted;
mod p29_limits_bind_in_the_engine;
mod p30_a_crash_leaves_nothing_behind;
