/* Question blocks in the editor (quizzes/blocks/folding.py): readable labels, and fields built when a question opens. */
(() => {
  "use strict";
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;

  // What a collapsed block says of a field: a mark for a check box, a comma in a number, no "null" for an empty one.
  const said = (child, options) => {
    const value = child.getValue();
    if (value === "" || value == null) return "";
    if (typeof value === "boolean") return value ? "✓" : "✗";
    if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value).toLocaleString("id", { maximumFractionDigits: 6 });
    return child.getTextLabel?.(options) || "";
  };

  class NamedBlockDefinition extends StructBlockDefinition {
    render(...place) {
      const block = super.render(...place);
      const format = this.meta.labelFormat;
      if (format) {
        block.getTextLabel = (options) => format.replace(/\{(\w+)\}/g, (_all, name) => said(block.childBlocks[name], options));
      }
      return block;
    }
  }

  // Opening a question adds its fields to the form; that alone is no change of the page. The text editors start
  // a while later, on a slow machine seconds, and write their fields anew; whoever touches the page meanwhile has
  // begun to change it.
  const opening = (build) => {
    const unsaved = window.wagtail?.app?.queryController?.("w-unsaved");
    const clean = unsaved && !unsaved.hasEditsValue
      && (!unsaved.initialFormData || unsaved.initialFormData === unsaved.formData);
    const block = build();
    if (!clean) return block;
    const settle = () => {
      unsaved.initialFormData = unsaved.previousFormData = unsaved.formData;
      unsaved.hasEditsValue = false;
    };
    settle();
    const watching = setInterval(settle, 100);
    const stop = () => clearInterval(watching);
    for (const touched of ["keydown", "pointerdown"]) document.addEventListener(touched, stop, { once: true, capture: true });
    setTimeout(stop, 10000);
    return block;
  };

  class FoldedBlock {
    constructor(definition, place, prefix, state, build) {
      Object.assign(this, { blockDef: definition, type: definition.name, prefix, state, build });
      this.element = document.createElement("div");
      this.element.className = "quiz-folded";
      const kept = document.createElement("input");
      Object.assign(kept, { type: "hidden", name: `${prefix}-folded`, value: state.folded });
      this.place = document.createElement("div");
      this.element.append(kept, this.place);
      place.replaceWith(this.element);
      // Seen means opened: folded panels are not laid out.
      this.watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.open());
      this.watch.observe(this.element);
    }

    open() {
      if (!this.block) {
        this.watch.disconnect();
        this.block = opening(() => {
          this.element.firstElementChild.remove();
          return this.build(this.place, this.prefix, this.state);
        });
      }
      return this.block;
    }

    getTextLabel(options) { return this.block ? this.block.getTextLabel(options) : this.state.label.slice(0, options?.maxLength); }
    getState() { return this.open().getState(); }
    getDuplicatedState() { return this.open().getDuplicatedState(); }
    getValue() { return this.open().getValue(); }
    setState(state) { this.open().setState(state); }
    setError(error) { if (error || this.block) this.open().setError(error); }
    focus(options) { this.open().focus(options); }
  }

  class FoldedBlockDefinition extends NamedBlockDefinition {
    render(place, prefix, state, error, ...rest) {
      if (error || !state?.folded) return super.render(place, prefix, state, error, ...rest);
      return new FoldedBlock(this, place, prefix, state, (...now) => super.render(...now, undefined, ...rest));
    }
  }

  window.telepath.register("quizzes.NamedBlock", NamedBlockDefinition);
  window.telepath.register("quizzes.FoldedBlock", FoldedBlockDefinition);
})();
