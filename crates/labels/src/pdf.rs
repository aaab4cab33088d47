//! A page as a PDF: letters and code as filled shapes, black on white.

use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};
use pdf_writer::{Content, Finish, Pdf, Rect, Ref, TextStr};

use crate::{
    layout::{Code, Page, Text},
    line::Run,
    qr::QUIET,
};

/// Writes a page; `title` is what a viewer shows as the document's name.
pub(crate) fn write(page: &Page, title: &str) -> Vec<u8> {
    let [catalog, pages, only, content, info] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.document_info(info).title(TextStr(title)).producer(TextStr("Usher"));
    pdf.pages(pages).kids([only]).count(1);
    let mut written = pdf.page(only);
    written.media_box(Rect::new(0.0, 0.0, page.width, page.height)).parent(pages).contents(content);
    written.resources();
    written.finish();
    pdf.stream(content, &shapes(page));
    pdf.finish()
}

fn shapes(page: &Page) -> Vec<u8> {
    let mut content = Content::new();
    page.texts.iter().for_each(|text| draw_text(text, &mut content));
    if let Some(code) = &page.code {
        draw_code(code, &mut content);
    }
    content.finish().into_vec()
}

fn draw_text(text: &Text, content: &mut Content) {
    let mut x = text.x;
    for run in &text.line.runs {
        let scale = text.size / run.em;
        content.save_state().transform([scale, 0.0, 0.0, scale, x, text.y]);
        draw_run(run, content);
        content.fill_nonzero().restore_state();
        x += run.width() * text.size;
    }
}

fn draw_run(run: &Run, content: &mut Content) {
    let outlines = run.font.outline_glyphs();
    for (glyph, x, y) in &run.glyphs {
        let Some(outline) = outlines.get(*glyph) else { continue };
        let mut pen = Pen { content, x: *x, y: *y, at: (0.0, 0.0) };
        // A shape that its own font spoils is left out; the fonts' tests and the label's pictures would show it.
        if let Err(error) = outline.draw(&DrawOptions::new(), DrawMemory::Scratch, &mut pen) {
            tracing::warn!(%error, "a letter's shape could not be read from its font");
        }
    }
}

fn draw_code(code: &Code, content: &mut Content) {
    let Code { x, y, field, fields } = code;
    let at = |fields: usize| fields as f32 * field;
    for (column, row, length) in &fields.dark {
        let below = fields.side - 1 - row + QUIET;
        content.rect(x + at(column + QUIET), y + at(below), at(*length), *field);
    }
    content.fill_nonzero();
}

/// Draws one letter where it stands in its run.
struct Pen<'a> {
    content: &'a mut Content,
    x: f32,
    y: f32,
    at: (f32, f32),
}

impl Pen<'_> {
    fn go(&mut self, x: f32, y: f32) -> (f32, f32) {
        self.at = (x, y);
        (x + self.x, y + self.y)
    }
}

impl PathSink for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.go(x, y);
        self.content.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.go(x, y);
        self.content.line_to(x, y);
    }

    /// PDF has cubic curves only: the same curve with two control points.
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let third = |end: f32, control: f32| end + (control - end) * 2.0 / 3.0;
        let (sx, sy) = self.at;
        self.curve_to(third(sx, cx), third(sy, cy), third(x, cx), third(y, cy), x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (dx, dy) = (self.x, self.y);
        let (x, y) = self.go(x, y);
        self.content.cubic_to(ax + dx, ay + dy, bx + dx, by + dy, x, y);
    }

    fn close(&mut self) {
        self.content.close_path();
    }
}
