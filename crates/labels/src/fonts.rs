//! The fonts of this computer: which of them has a letter.
//!
//! Nothing is bundled: the packages of the desk ask for the Noto fonts, and every other computer has fonts of its own. Files are read
//! while one label is made and forgotten after it, because the Chinese ones have twenty megabytes.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use harfrust::{Font, Script, font::name::NameId, unicode};

/// How deep folders of fonts are searched.
const DEPTH_MAX: usize = 4;
/// The most font files that are looked at.
const FILES_MAX: usize = 4_000;
/// The largest font file that is read, in bytes.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Families to try first, as their files are named in small letters; those of Noto come before any of these.
const FAMILIES: [&str; 10] = [
    "inter",
    "dejavusans",
    "liberationsans",
    "segoeui",
    "arial",
    "helvetica",
    "nirmala",
    "msyh",
    "malgun",
    "yugoth",
];
/// Words in a file's name that tell of a style which is not wanted on a badge.
const STYLES: [&str; 12] = [
    "italic",
    "oblique",
    "mono",
    "serif",
    "condensed",
    "display",
    "light",
    "thin",
    "black",
    "medium",
    "ui",
    "extra",
];

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// The font files of this computer.
#[derive(Clone, Debug, Default)]
pub struct Fonts {
    files: Vec<PathBuf>,
}

impl Fonts {
    /// Those that are installed for everybody and for the user.
    #[must_use]
    pub fn installed() -> Self {
        let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let own = [".local/share/fonts", ".fonts", "Library/Fonts"].map(|name| home.join(name));
        let common = [
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            "/Library/Fonts",
            "/System/Library/Fonts",
            "C:\\Windows\\Fonts",
        ];
        let folders: Vec<_> = common.iter().map(PathBuf::from).chain(own).collect();
        Self::below(&folders)
    }

    /// Those below some folders.
    #[must_use]
    pub fn below(folders: &[PathBuf]) -> Self {
        let mut files = Vec::new();
        folders.iter().for_each(|folder| collect(folder, DEPTH_MAX, &mut files));
        files.sort();
        Self { files }
    }

    /// The files to try for letters of a script, the best first.
    fn ordered(&self, script: Script, weight: Weight) -> Vec<&Path> {
        let mut files: Vec<_> = self.files.iter().map(PathBuf::as_path).collect();
        files.sort_by_cached_key(|path| rank(&stem(path), script, weight));
        files
    }
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if files.len() >= FILES_MAX {
            return;
        }
        if path.is_dir() && depth > 0 {
            collect(&path, depth - 1, files);
        } else if path
            .extension()
            .is_some_and(|end| ["ttf", "otf", "ttc"].iter().any(|one| end.eq_ignore_ascii_case(one)))
        {
            files.push(path);
        }
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Smaller is better: the script's own family, then Noto, then what is known to be plain, then anything; the wanted weight first.
fn rank(stem: &str, script: Script, weight: Weight) -> (usize, bool, bool) {
    let (family, style) = stem.split_once('-').unwrap_or((stem, ""));
    let own = own_family(script).is_some_and(|own| family == own);
    let place = match family {
        _ if own => 0,
        "notosans" => 1,
        _ if family.starts_with("notosans") && family != "notosanscjk" => 2,
        "notosanscjk" => 3,
        _ if family.starts_with("noto") => 4,
        _ => FAMILIES.iter().position(|known| family == *known).map_or(5 + FAMILIES.len(), |at| 5 + at),
    };
    let styled = STYLES.iter().any(|word| style.contains(word) || (place > 4 && stem.contains(word)));
    let bold = style.contains("bold") || stem.ends_with("bd");
    (place, styled, bold != (weight == Weight::Bold))
}

/// The Noto family made for a script, where the general one would not do.
fn own_family(script: Script) -> Option<&'static str> {
    match script {
        Script::ARABIC => Some("notosansarabic"),
        Script::DEVANAGARI => Some("notosansdevanagari"),
        Script::HAN | Script::HIRAGANA | Script::KATAKANA | Script::HANGUL | Script::BOPOMOFO => {
            Some("notosanscjk")
        }
        _ => None,
    }
}

/// The fonts of one label: chosen as its letters come.
pub(crate) struct Chosen<'a> {
    fonts: &'a Fonts,
    // The end of the family's name that fits East Asian letters of this label.
    region: &'static str,
    taken: RefCell<Vec<(Script, Weight, Arc<Font>)>>,
    // What no font has. A label is laid out more than once.
    missing: RefCell<BTreeSet<String>>,
}

impl<'a> Chosen<'a> {
    /// For a label with these words.
    pub(crate) fn new(fonts: &'a Fonts, words: &str) -> Self {
        Self { fonts, region: region(words), taken: RefCell::default(), missing: RefCell::default() }
    }

    /// A font that has all of `letters`, which belong together; none on this computer does.
    pub(crate) fn of(&self, letters: &str, script: Script, weight: Weight) -> Option<Arc<Font>> {
        let known = |font: &Font| has(font, letters);
        let taken = self.taken.borrow().iter().find_map(|(of, heavy, font)| {
            (*of == script && *heavy == weight && known(font)).then(|| Arc::clone(font))
        });
        if taken.is_some() || self.missing.borrow().contains(letters) {
            return taken;
        }
        let read = |path: &&Path| self.read(path).filter(known);
        let found = self.fonts.ordered(script, weight).iter().find_map(read).map(Arc::new);
        match &found {
            Some(font) => self.taken.borrow_mut().push((script, weight, Arc::clone(font))),
            None => drop(self.missing.borrow_mut().insert(letters.to_owned())),
        }
        found
    }

    /// A file's font; of a collection the one for this label's region, otherwise its first.
    fn read(&self, path: &Path) -> Option<Font> {
        if fs::metadata(path).ok()?.len() > BYTES_MAX {
            return None;
        }
        let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(fs::read(path).ok()?);
        let collection = bytes.as_ref().as_ref().starts_with(b"ttcf");
        let font = |at| Font::new(Arc::clone(&bytes), at);
        let ours = |at: &u32| font(*at).is_some_and(|font| family(&font).ends_with(self.region));
        font(if collection { (0..8).find(ours).unwrap_or(0) } else { 0 })
    }
}

fn family(font: &Font) -> String {
    let name = font.names().get(NameId::FAMILY_NAME);
    name.and_then(|name| Some(name.english_or_first()?.name().to_string())).unwrap_or_default()
}

/// Japanese where kana stand, Korean where Hangul stands, otherwise simplified Chinese.
fn region(words: &str) -> &'static str {
    let any = |scripts: &[Script]| words.chars().any(|c| scripts.contains(&unicode::script(c.into())));
    match () {
        () if any(&[Script::HIRAGANA, Script::KATAKANA]) => "CJK JP",
        () if any(&[Script::HANGUL]) => "CJK KR",
        () => "CJK SC",
    }
}

/// Whether a font has ink for all of the letters. One of pictures only, as those of emoji are, has none.
fn has(font: &Font, letters: &str) -> bool {
    let (map, metrics) = (font.charmap(), font.glyph_metrics());
    let inked = |glyph| metrics.extents(glyph).is_some_and(|ink| ink.height > 0.0);
    letters.chars().all(|c| {
        let glyph = || map.map_unicode(c).filter(|glyph| glyph.to_u32() != 0);
        unseen(c) || glyph().is_some_and(|glyph| c.is_whitespace() || inked(glyph))
    })
}

/// Letters that have no shape in any font and change only their neighbours.
pub(crate) const fn unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(fonts: &[&str], script: Script, weight: Weight) -> String {
        let files = fonts.iter().map(PathBuf::from).collect();
        Fonts { files }.ordered(script, weight)[0].to_string_lossy().into_owned()
    }

    #[test]
    fn the_scripts_own_family_comes_first_then_noto_then_the_plain_ones() {
        let all = [
            "/f/AGENCYB.TTF",
            "/f/DejaVuSans-Bold.ttf",
            "/f/NotoSans-Italic.ttf",
            "/f/NotoSans-Regular.ttf",
            "/f/NotoSans-Bold.ttf",
            "/f/NotoSansArabic-Bold.ttf",
            "/f/NotoSansCJK-Bold.ttc",
            "/f/NotoSansThai-Bold.ttf",
        ];
        assert_eq!(first(&all, Script::LATIN, Weight::Bold), "/f/NotoSans-Bold.ttf");
        assert_eq!(first(&all, Script::LATIN, Weight::Regular), "/f/NotoSans-Regular.ttf");
        assert_eq!(first(&all, Script::ARABIC, Weight::Bold), "/f/NotoSansArabic-Bold.ttf");
        assert_eq!(first(&all, Script::HAN, Weight::Bold), "/f/NotoSansCJK-Bold.ttc");
        assert_eq!(first(&all[..2], Script::LATIN, Weight::Bold), "/f/DejaVuSans-Bold.ttf");
        let windows = ["C:/AGENCYB.TTF", "C:/segoeui.ttf", "C:/arialbd.ttf", "C:/arial.ttf"];
        assert_eq!(first(&windows, Script::LATIN, Weight::Regular), "C:/segoeui.ttf");
    }

    #[test]
    fn kana_make_a_label_japanese_and_hangul_korean() {
        assert_eq!(
            (region("田中 さくら"), region("김민준"), region("王小明")),
            ("CJK JP", "CJK KR", "CJK SC")
        );
    }
}
