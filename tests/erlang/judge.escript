#!/usr/bin/env escript
%% Erlang's half of ./tests/erlang/run.
%%   judge.escript terms COUNT SEED    COUNT random terms, a line each: TERM JSON, in hexadecimal
%%   judge.escript read FILE           what each term of FILE is, as JSON in hexadecimal

main(["terms", Count, Seed]) ->
    rand:seed(exsss, list_to_integer(Seed)),
    lists:foreach(fun(_) ->
        Term = #{<<"op">> => 0, <<"d">> => random(4)},
        io:format("~s ~s~n", [binary:encode_hex(term_to_binary(Term)), binary:encode_hex(iolist_to_binary(json(Term)))])
    end, lists:seq(1, list_to_integer(Count)));
main(["read", File]) ->
    {ok, Bytes} = file:read_file(File),
    lists:foreach(fun(Line) ->
        [Term, _] = binary:split(Line, <<" ">>),
        io:format("~s~n", [binary:encode_hex(iolist_to_binary(json(binary_to_term(binary:decode_hex(Term)))))])
    end, binary:split(Bytes, <<"\n">>, [global, trim])).

random(0) -> leaf(rand:uniform(9));
random(Depth) ->
    case rand:uniform(12) of
        1 -> [random(Depth - 1) || _ <- lists:seq(1, rand:uniform(6))];
        2 -> [rand:uniform(256) - 1 || _ <- lists:seq(1, rand:uniform(20))];
        3 -> [];
        4 -> list_to_tuple([random(Depth - 1) || _ <- lists:seq(1, rand:uniform(5))]);
        5 -> list_to_tuple([1 || _ <- lists:seq(1, 300)]);
        N when N < 9 -> maps:from_list([{key(), random(Depth - 1)} || _ <- lists:seq(1, rand:uniform(8))]);
        _ -> leaf(rand:uniform(9))
    end.

leaf(1) -> rand:uniform(256) - 1;
leaf(2) -> rand:uniform(16#FFFFFFFF) - 16#80000000;
leaf(3) -> rand:uniform(16#FFFFFFFFFFFFFFFF);
leaf(4) -> -rand:uniform(16#7FFFFFFFFFFFFFFF);
leaf(5) -> (rand:uniform() - 0.5) * math:pow(10, rand:uniform(40) - 20);
leaf(6) -> lists:nth(rand:uniform(4), [true, false, nil, null]);
leaf(7) -> text(rand:uniform(20));
leaf(8) -> 1 bsl (rand:uniform(64) - 1);
leaf(9) -> <<>>.

key() ->
    case rand:uniform(8) of
        1 -> lists:nth(rand:uniform(3), [guild_id, member, roles]);
        2 -> 144115188075855872 + rand:uniform(1000000);
        _ -> text(rand:uniform(10))
    end.

text(Length) ->
    unicode:characters_to_binary([lists:nth(rand:uniform(8), [$a, $Z, $", $\\, $\n, 16#E9, 16#20AC, 16#1F3B5]) || _ <- lists:seq(1, Length)]).

json(true) -> <<"true">>;
json(false) -> <<"false">>;
json(nil) -> <<"null">>;
json(null) -> <<"null">>;
json(Atom) when is_atom(Atom) -> string(atom_to_binary(Atom));
json(Number) when is_integer(Number) -> integer_to_binary(Number);
json(Number) when is_float(Number) -> float_to_binary(Number, [short]);
json(Text) when is_binary(Text) -> string(Text);
json(Tuple) when is_tuple(Tuple) -> json(tuple_to_list(Tuple));
json(List) when is_list(List) -> [$[, lists:join($,, [json(Each) || Each <- List]), $]];
json(Map) when is_map(Map) -> [${, lists:join($,, [[name(Key), $:, json(Value)] || {Key, Value} <- maps:to_list(Map)]), $}].

name(Key) when is_integer(Key) -> string(integer_to_binary(Key));
name(Key) when is_atom(Key) -> string(atom_to_binary(Key));
name(Key) -> string(Key).

string(Text) -> [$", [escape(C) || C <- unicode:characters_to_list(Text)], $"].
escape($") -> <<"\\\"">>;
escape($\\) -> <<"\\\\">>;
escape($\n) -> <<"\\n">>;
escape(C) -> unicode:characters_to_binary([C]).
