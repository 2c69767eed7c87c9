namespace JitAccess.Web.Components.Shared;

/// <summary>The symbols of <c>wwwroot/icons.svg</c>.</summary>
public enum Glyph
{
    Alarm, Alert, Arrow, Back, Bell, Bolt, Brand, Calendar, Chart, Check, Clock, Copy, Dots, Down, Exit, Extend, Eye, Filter, Flask, Grip,
    History, Hourglass, Inbox, Key, Keyboard, List, Minus, Moon, Pencil, People, Play, Plus, Rec, Refresh, Right, Search, Send, Server,
    Shield, ShieldX, Slash, Sliders, Stop, Sun, Terminal, Trash, Up, X, XCircle,
}
