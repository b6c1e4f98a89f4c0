//! How wasmtime is set up: only what the component needs, and room for just as many instances as the limits allow.

use wasmtime::{Config, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig};

use crate::Limits;

/// Core instances in one component instance: its module and the shims that wit-component puts around it.
pub(super) const CORE_INSTANCES: u32 = 8;
/// Tables in one component instance: that of the module and that of the shim.
pub(super) const TABLES: u32 = 4;
/// Entries of one table: more than the component has functions.
pub(super) const TABLE_ELEMENTS: usize = 20_000;

pub(super) fn engine(limits: &Limits) -> wasmtime::Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.instances)
        .total_core_instances(limits.instances.saturating_mul(CORE_INSTANCES))
        .max_core_instances_per_component(CORE_INSTANCES)
        .total_memories(limits.instances)
        .max_memories_per_component(1)
        .max_memory_size(limits.memory)
        .total_tables(limits.instances.saturating_mul(TABLES))
        .max_tables_per_component(TABLES)
        .table_elements(TABLE_ELEMENTS);

    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .cranelift_opt_level(OptLevel::Speed)
        // The contract has no asynchronous function, and calls without that machinery cost a third.
        .concurrency_support(false)
        .epoch_interruption(true)
        // Traps are told to people by their reason; the stripped component has no names for a backtrace.
        .wasm_backtrace_max_frames(None);
    Engine::new(&config)
}
