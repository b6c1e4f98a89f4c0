//! Faults on purpose: the n-th call to the store or the directory fails, or the process dies there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guestpass::ports::{
    Catalogue, Check, ContentDecision, CreatedUser, Credentials, Directory, DirectoryFailure,
    Entry, NewUser, Put, Standing, Store, StoreFailure, Stored, User,
};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This one call fails and has no effect.
    Fails,
    /// The process dies before this call: it and every later one fail without effect, until [`Faults::recover`].
    DiesBefore,
    /// The process dies after this call: it has its effect, but nobody hears of it, and every later one fails.
    DiesAfter,
    /// The store says that somebody else was faster. For other calls than commits as [`Fault::Fails`].
    Conflicts,
}

/// Which calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Those that change something: commits, and a user created, given a password, deleted or signed out.
    Writes,
    /// All of them.
    Everything,
}

/// What happens in the middle of something else.
type Meanwhile = Box<dyn FnOnce() + Send>;

/// The plan of what goes wrong, shared by store and directory.
#[derive(Default)]
pub struct Faults {
    plan: Mutex<Plan>,
    meanwhile: Mutex<Option<(u32, Meanwhile)>>,
}

#[derive(Debug, Default)]
struct Plan {
    seen: u32,
    at: Option<(u32, Fault, Counting)>,
    dead: bool,
    struck: bool,
}

impl Faults {
    /// From now on, the n-th call of this kind (the first is 0) goes wrong.
    pub fn plan(&self, n: u32, fault: Fault, counting: Counting) {
        *self.lock() = Plan {
            at: Some((n, fault, counting)),
            ..Plan::default()
        };
    }

    /// Just before the n-th call from now (the first is 0), this happens: a race, the same each time.
    pub fn meanwhile(&self, n: u32, happens: impl FnOnce() + Send + 'static) {
        *self.interruption() = Some((n, Box::new(happens)));
    }

    /// Nothing goes wrong any more, or happens meanwhile. Tells whether the planned fault struck.
    pub fn recover(&self) -> bool {
        drop(self.interruption().take());
        std::mem::take(&mut *self.lock()).struck
    }

    /// From now on calls of this kind are counted, and none of them goes wrong.
    pub fn count(&self, counting: Counting) {
        self.plan(u32::MAX, Fault::Fails, counting);
    }

    /// How many calls there were since [`Self::plan`] or [`Self::count`], of the kind that was asked for.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.lock().seen
    }

    /// Whether what was to happen [`Self::meanwhile`] did.
    #[must_use]
    pub fn happened(&self) -> bool {
        self.interruption().is_none()
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn interruption(&self) -> MutexGuard<'_, Option<(u32, Meanwhile)>> {
        let interruption = self.meanwhile.lock();
        interruption.unwrap_or_else(PoisonError::into_inner)
    }

    fn interrupt(&self) {
        let mut planned = self.interruption();
        match planned.as_mut() {
            Some((0, _)) => {
                let (_, happens) = planned.take().expect("it was planned");
                // It makes calls of its own.
                drop(planned);
                happens();
            }
            Some((left, _)) => *left -= 1,
            None => {}
        }
    }

    fn strike(&self, writes: bool) -> Option<Fault> {
        let mut plan = self.lock();
        if plan.dead {
            return Some(Fault::Fails);
        }
        let (n, fault, counting) = plan.at?;
        if counting == Counting::Writes && !writes {
            return None;
        }
        let number = plan.seen;
        plan.seen += 1;
        if number != n {
            return None;
        }
        plan.struck = true;
        plan.dead = matches!(fault, Fault::DiesBefore | Fault::DiesAfter);
        Some(fault)
    }

    fn around<T, E>(
        &self,
        writes: bool,
        failure: impl Fn(Fault) -> E,
        call: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.interrupt();
        match self.strike(writes) {
            None => call(),
            Some(fault) => {
                if fault == Fault::DiesAfter {
                    // What the call said is lost with the process.
                    let _ = call();
                }
                Err(failure(fault))
            }
        }
    }
}

/// A store in which things go wrong as planned.
pub struct FaultyStore {
    /// The store behind it.
    pub inner: Arc<dyn Store>,
    /// The plan.
    pub faults: Arc<Faults>,
}

impl FaultyStore {
    fn around<T>(
        &self,
        writes: bool,
        call: impl FnOnce() -> Result<T, StoreFailure>,
    ) -> Result<T, StoreFailure> {
        let failure = |fault| match fault {
            Fault::Conflicts if writes => StoreFailure::Conflict,
            _ => StoreFailure::Unavailable("the disk is on fire".to_owned()),
        };
        self.faults.around(writes, failure, call)
    }
}

impl Store for FaultyStore {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        self.around(false, || self.inner.get(keys))
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        self.around(false, || self.inner.scan(start, end, limit, backwards))
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        self.around(true, || self.inner.commit(checks, puts, deletes))
    }
}

/// A directory in which things go wrong as planned.
pub struct FaultyDirectory<D> {
    /// The directory behind it.
    pub inner: D,
    /// The plan.
    pub faults: Arc<Faults>,
}

impl<D: Directory> FaultyDirectory<D> {
    fn around<T>(
        &self,
        writes: bool,
        call: impl FnOnce(&D) -> Result<T, DirectoryFailure>,
    ) -> Result<T, DirectoryFailure> {
        let failure = |_| DirectoryFailure::Unavailable("the users are out for lunch".to_owned());
        self.faults.around(writes, failure, || call(&self.inner))
    }
}

impl<D: Directory> Directory for FaultyDirectory<D> {
    fn get_catalogue(&self, site: &str) -> Result<Catalogue, DirectoryFailure> {
        self.around(false, |inner| inner.get_catalogue(site))
    }

    fn standing_of(&self, site: &str, id: &str) -> Result<Option<Standing>, DirectoryFailure> {
        self.around(false, |inner| inner.standing_of(site, id))
    }

    fn find(&self, site: &str, id: &str) -> Result<Option<User>, DirectoryFailure> {
        self.around(false, |inner| inner.find(site, id))
    }

    fn names_of(
        &self,
        site: &str,
        ids: &[String],
    ) -> Result<Vec<Option<String>>, DirectoryFailure> {
        self.around(false, |inner| inner.names_of(site, ids))
    }

    fn find_by_email(&self, site: &str, email: &str) -> Result<Option<User>, DirectoryFailure> {
        self.around(false, |inner| inner.find_by_email(site, email))
    }

    fn find_by_key(&self, site: &str, key: &str) -> Result<Option<String>, DirectoryFailure> {
        self.around(false, |inner| inner.find_by_key(site, key))
    }

    fn create(&self, site: &str, user: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
        self.around(true, |inner| inner.create(site, user))
    }

    fn set_credentials(
        &self,
        site: &str,
        id: &str,
        credentials: &Credentials,
    ) -> Result<Option<String>, DirectoryFailure> {
        self.around(true, |inner| inner.set_credentials(site, id, credentials))
    }

    fn delete(
        &self,
        site: &str,
        id: &str,
        content: &ContentDecision,
    ) -> Result<(), DirectoryFailure> {
        self.around(true, |inner| inner.delete(site, id, content))
    }

    fn last_backup(&self, site: &str) -> Result<Option<u64>, DirectoryFailure> {
        self.around(false, |inner| inner.last_backup(site))
    }

    fn end_sessions(&self, site: &str, id: &str) -> Result<(), DirectoryFailure> {
        self.around(true, |inner| inner.end_sessions(site, id))
    }
}
