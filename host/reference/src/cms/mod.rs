//! The small CMS: users, sessions, posts and sections, kept in one SQLite file.

pub mod catalogue;
pub mod db;
pub mod deletion;
pub mod directory;
pub mod entries;
pub mod invited;
pub mod key_scope;
pub mod key_token;
pub mod keys;
pub mod logins;
pub mod ownership;
pub mod password;
pub mod posts;
pub mod requests;
pub mod sessions;
pub mod sign_in_links;
pub mod site;
pub mod switched;
pub mod trouble;
pub mod users;
pub mod ways_in;

#[cfg(test)]
pub mod testing;
