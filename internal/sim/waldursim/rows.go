package waldursim

// row is an object of a list. Most requests look at one field of many objects and show few of them,
// so a row is rendered when it is needed.
type row interface {
	// get returns a field as the rendered row has it.
	get(name string) any
	render() record
}

// source has the rows of a list that a caller may see.
type source interface {
	all(*call) []row
	single(c *call, uuid string) (row, bool)
}

// view is the source of objects of the type T.
type view[T interface{ id() string }] struct {
	// objects returns all objects in the order of the list.
	objects func(*Sim) []T
	find    func(s *Sim, uuid string) (T, bool)
	sees    func(*call, T) bool
	// field returns some fields without rendering the row. It may be nil.
	field  func(c *call, object T, name string) (value any, ok bool)
	render func(*call, T) record
}

func (v *view[T]) all(c *call) []row {
	objects := v.objects(c.Sim)
	shown := make([]shownRow[T], 0, len(objects))
	rows := make([]row, 0, len(objects))
	for _, object := range objects {
		if v.sees(c, object) {
			shown = append(shown, shownRow[T]{c, v, object, nil})
			rows = append(rows, &shown[len(shown)-1])
		}
	}
	return rows
}

func (v *view[T]) single(c *call, uuid string) (row, bool) {
	object, ok := v.find(c.Sim, uuid)
	return &shownRow[T]{c, v, object, nil}, ok && v.sees(c, object)
}

// shownRow is an object that a caller sees.
type shownRow[T interface{ id() string }] struct {
	call     *call
	view     *view[T]
	object   T
	rendered record // nil if it was not needed
}

func (r *shownRow[T]) get(name string) any {
	if name == "uuid" {
		return r.object.id()
	}
	if r.view.field != nil {
		if value, ok := r.view.field(r.call, r.object, name); ok {
			return value
		}
	}
	return r.render()[name]
}

func (r *shownRow[T]) render() record {
	if r.rendered == nil {
		r.rendered = r.view.render(r.call, r.object)
	}
	return r.rendered
}
