CREATE TABLE public.parent (id integer NOT NULL, other integer);
CREATE TABLE public.child (a integer, b integer, c integer);
ALTER TABLE ONLY public.parent ADD CONSTRAINT parent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.parent ADD CONSTRAINT parent_other_key UNIQUE (other);
ALTER TABLE ONLY public.child ADD CONSTRAINT child_a_fkey FOREIGN KEY (a) REFERENCES public.parent(id);
ALTER TABLE ONLY public.child ADD CONSTRAINT child_b_fkey FOREIGN KEY (b) REFERENCES public.parent(other);
ALTER TABLE ONLY public.child ADD CONSTRAINT child_c_fkey FOREIGN KEY (c) REFERENCES public.parent(id) NOT VALID;
