//! Engines made to misbehave: the shell of the real component with another module in it.

use std::sync::OnceLock;

use guestpass::component;
use wasm_encoder::{
    CodeSection, ConstExpr, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, MemArg, MemArgTarget, MemorySection,
    MemoryType, Module, StartSection, TypeSection, ValType,
};

/// Where the answer "no" lies in the module's memory, which is zero all over.
pub const NO: Instruction<'static> = Instruction::I32Const(1024);
/// Calls the clock.
pub const NOW: Instruction<'static> = Instruction::Call(0);
/// Calls the source of randomness.
pub const BYTES: Instruction<'static> = Instruction::Call(1);
/// The local of `Hostile::check`, after the three strings that are its parameters.
pub const LOCAL: u32 = 6;

/// Takes an address and a value, and stores it as a byte so far behind the address.
pub fn store_byte(offset: u64) -> Instruction<'static> {
    Instruction::I32Store8(MemArg {
        offset,
        align: 0,
        target: MemArgTarget::Memory(0),
        ordering: None,
    })
}

/// The function that `Hostile::extra` describes.
const EXTRA: u32 = 2;
/// The number of calls that an instance has had is the body's to keep, in global 0.
const FREE: u32 = 1;

/// An engine whose `check` runs a body of its own, and in which everything else traps.
pub struct Hostile {
    /// Ends with the address of the answer; has a local of its own, `LOCAL`, of type i32.
    pub check: Vec<Instruction<'static>>,
    /// Pages of memory to begin with.
    pub pages: u64,
    /// A function without parameters, number 2, that gives an i32.
    pub extra: Vec<Instruction<'static>>,
    /// What runs when it is instantiated.
    pub start: Option<Vec<Instruction<'static>>>,
}

impl Default for Hostile {
    fn default() -> Self {
        Self {
            check: vec![NO],
            pages: 1,
            extra: vec![NO],
            start: None,
        }
    }
}

/// A component whose `check` runs this body.
pub fn engine(check: &[Instruction<'static>]) -> Vec<u8> {
    Hostile {
        check: check.to_vec(),
        ..Hostile::default()
    }
    .component()
}

impl Hostile {
    /// The real component with this in the place of its module.
    pub fn component(&self) -> Vec<u8> {
        let (before, _, after) = split(component::BYTES);
        let module = self.module();
        let mut bytes = before.to_vec();
        // A section is its kind, its length and its content; that of kind 1 is a module.
        bytes.push(1);
        let mut length = module.len();
        while length >= 0x80 {
            bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        bytes.push(length as u8);
        bytes.extend(module);
        bytes.extend(after);
        bytes
    }

    fn module(&self) -> Vec<u8> {
        let (mut types, mut functions, mut exports, mut code) = (
            TypeSection::new(),
            FunctionSection::new(),
            ExportSection::new(),
            CodeSection::new(),
        );
        types.ty().function([], [ValType::I64]);
        types.ty().function([ValType::I32; 2], []);
        types.ty().function([], [ValType::I32]);
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import(
            "guestpass:access/clock@0.1.0",
            "now",
            EntityType::Function(0),
        );
        imports.import(
            "guestpass:access/random@0.1.0",
            "bytes",
            EntityType::Function(1),
        );

        let mut define = |index: u32, name: Option<&str>, body: &Function| {
            functions.function(index);
            code.function(body);
            let number = functions.len() + 1;
            if let Some(name) = name {
                exports.export(name, ExportKind::Func, number);
            }
            number
        };
        assert_eq!(define(2, None, &function(&self.extra)), EXTRA);
        let start = self
            .start
            .as_ref()
            .map(|body| define(3, None, &function(body)));
        for (position, (name, params, results)) in signatures().iter().enumerate() {
            types.ty().function(params.clone(), results.clone());
            let body = match name.as_str() {
                "cabi_realloc" => allocate(),
                name if name.starts_with("cabi_post_") => function(&[]),
                name if name.ends_with("/access@0.1.0#check") => function(&self.check),
                _ => function(&[Instruction::Unreachable]),
            };
            define(4 + u32::try_from(position).unwrap(), Some(name), &body);
        }
        exports.export("memory", ExportKind::Memory, 0);

        let mut memories = MemorySection::new();
        let memory = MemoryType {
            minimum: self.pages,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        memories.memory(memory);
        let mut globals = GlobalSection::new();
        for value in [0, 4096] {
            let kind = GlobalType {
                val_type: ValType::I32,
                mutable: true,
                shared: false,
            };
            globals.global(kind, &ConstExpr::i32_const(value));
        }

        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&memories)
            .section(&globals)
            .section(&exports);
        if let Some(function_index) = start {
            module.section(&StartSection { function_index });
        }
        module.section(&code);
        module.finish()
    }
}

fn function(body: &[Instruction<'_>]) -> Function {
    let mut function = Function::new([(1, ValType::I32)]);
    for instruction in body {
        function.instruction(instruction);
    }
    function.instruction(&Instruction::End);
    function
}

/// Hands out memory and never takes it back.
fn allocate() -> Function {
    function(&[
        Instruction::GlobalGet(FREE),
        Instruction::GlobalGet(FREE),
        Instruction::LocalGet(3),
        Instruction::I32Add,
        Instruction::I32Const(16),
        Instruction::I32Add,
        Instruction::GlobalSet(FREE),
    ])
}

type Signature = (String, Vec<ValType>, Vec<ValType>);

/// The functions that the real module offers to the component around it.
fn signatures() -> &'static [Signature] {
    static SIGNATURES: OnceLock<Vec<Signature>> = OnceLock::new();
    SIGNATURES.get_or_init(|| {
        let engine = wasmtime::Engine::default();
        let module = wasmtime::Module::from_binary(&engine, split(component::BYTES).1).unwrap();
        let function = |export: wasmtime::ExportType<'_>| {
            let kind = export.ty();
            let function = kind.func()?;
            Some((
                export.name().to_owned(),
                function.params().map(plain).collect(),
                function.results().map(plain).collect(),
            ))
        };
        module.exports().filter_map(function).collect()
    })
}

fn plain(kind: wasmtime::ValType) -> ValType {
    match kind {
        wasmtime::ValType::I32 => ValType::I32,
        wasmtime::ValType::I64 => ValType::I64,
        wasmtime::ValType::F32 => ValType::F32,
        wasmtime::ValType::F64 => ValType::F64,
        other => panic!("{other} in the engine's interface"),
    }
}

/// What stands before the component's first module, the module, and what stands after it.
fn split(component: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let mut at = 8;
    loop {
        let kind = component[at];
        let (mut length, mut body) = (0, at + 1);
        for shift in (0..).step_by(7) {
            let byte = component[body];
            body += 1;
            length |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        if kind == 1 {
            return (
                &component[..at],
                &component[body..body + length],
                &component[body + length..],
            );
        }
        at = body + length;
    }
}
