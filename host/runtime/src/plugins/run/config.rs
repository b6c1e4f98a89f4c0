//! How wasmtime is set up for plugins. They come from any language, so there is more room than the engine itself needs.

use wasmtime::{Config, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig};

use crate::plugins::limits::PluginLimits;

/// Core instances in one plugin. One in Rust has three; one in Python links some twenty libraries.
pub(super) const CORE_INSTANCES: u32 = 64;
/// Tables in one plugin.
pub(super) const TABLES: u32 = 16;
/// Memories in one plugin.
pub(super) const MEMORIES: u32 = 2;
/// Entries of one table: the functions of an interpreter are many.
pub(super) const TABLE_ELEMENTS: usize = 64_000;
/// Stack of one call in bytes. It is that of the calling thread, on which the engine's own call may lie already.
const STACK: usize = 512 << 10;

pub(super) fn engine(limits: &PluginLimits) -> wasmtime::Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.instances)
        .total_core_instances(limits.instances.saturating_mul(CORE_INSTANCES))
        .max_core_instances_per_component(CORE_INSTANCES)
        .total_memories(limits.instances)
        .max_memories_per_component(MEMORIES)
        .max_memory_size(limits.memory)
        .total_tables(limits.instances.saturating_mul(4))
        .max_tables_per_component(TABLES)
        .table_elements(TABLE_ELEMENTS)
        // Each plugin finds the place with its own memory again: no other fits it without being mapped anew, which costs more
        // than the call. Places that wait hold no memory, and wasmtime deals this number out among as many lists as there are
        // cores.
        .max_unused_warm_slots(limits.instances);

    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .cranelift_opt_level(OptLevel::Speed)
        .concurrency_support(false)
        .epoch_interruption(true)
        .max_wasm_stack(STACK)
        .wasm_backtrace_max_frames(None);
    Engine::new(&config)
}
